"""`python -m sjs_forms` is `sjs-forms`."""

from sjs_forms.base.processes.isolated_python import trust_no_current_folder

if __name__ == "__main__":
    trust_no_current_folder()
    from sjs_forms.cli.commands import main

    main()
