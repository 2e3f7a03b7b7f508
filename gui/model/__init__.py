"""What the window shows and what it does, without a widget: QObjects that say when they changed."""
