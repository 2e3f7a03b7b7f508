"""The room of the desktop app: widgets, observable model, worker process (PySide6)."""
