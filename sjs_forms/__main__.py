"""`python -m sjs_forms` is `sjs-forms`."""

from sjs_forms.cli import main

if __name__ == "__main__":
    main()
