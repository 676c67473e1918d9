"""What we write: mails from templates, reasons as sentences, and files that are safe to open."""
