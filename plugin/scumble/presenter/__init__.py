"""The dialog without a toolkit: what is shown, allowed and remembered. Editors only draw it."""
