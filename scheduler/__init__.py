"""What is due, and the ticks that look: reminders, birthdays, the morning card."""
