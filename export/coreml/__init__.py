"""Core ML packages: converting modules, and evaluating the finished packages where Core ML does not run."""
