"""Everything a workstation, an administrator or an auditor runs."""
