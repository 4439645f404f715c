"""Icons, fonts, sounds, style sheets, translations, web templates and sample data."""
