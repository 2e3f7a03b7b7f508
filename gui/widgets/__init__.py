"""What the window is made of; every widget shows a part of the model and passes on what the user does."""
