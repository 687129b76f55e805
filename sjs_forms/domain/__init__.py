"""The notice, the application with its answers and files, and the rules that check them."""
