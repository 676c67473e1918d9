"""postbote: the daemon between a marketplace or merchant and partners who only have a mailbox and a folder."""
