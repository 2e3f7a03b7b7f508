"""How modules leave PyTorch: one file per target, and the parity gate every artifact passes."""
