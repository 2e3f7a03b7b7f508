"""Text that wraps at whatever width there is, and asks for none."""

from PySide6.QtWidgets import QLabel, QSizePolicy


def fit_width(label: QLabel) -> None:
    """Let the text of ``label`` wrap without making anything around it wider."""
    label.setWordWrap(True)
    # The policy is changed, not replaced: a new one would not know that the height depends on the width.
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)
