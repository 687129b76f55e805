"""Lines of Chinese text: where they may end, how wide and how even they are."""
