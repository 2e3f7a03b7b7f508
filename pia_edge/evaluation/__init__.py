"""How well clips follow picture and prompt, and how they move: an evaluation in the manner of AnimateBench."""
