"""PIA's training recipe, and the sample model made with it (torch and NumPy alone)."""
