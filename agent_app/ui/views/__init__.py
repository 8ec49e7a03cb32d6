"""Views and delegates; remote text is plain text always."""
