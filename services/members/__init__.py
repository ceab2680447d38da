"""Who belongs where: organisations, townships' times, members, postings, calendars, disposals."""
