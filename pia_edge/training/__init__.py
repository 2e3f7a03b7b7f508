"""PIA's training recipe, and the sample model made with it (torch, NumPy and what reads the tokenizer)."""
