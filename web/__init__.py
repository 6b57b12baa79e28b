"""Every HTML page: the public site, the attendee's page, the organiser's desk, the mailbox."""
