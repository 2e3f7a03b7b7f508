"""Core ML packages: converting modules, and evaluating the finished packages where Core ML does not run."""

import logging

# coremltools warns of every newer PyTorch, and elsewhere than on a Mac of each part that exists there alone.
logging.getLogger("coremltools").setLevel(logging.ERROR)
