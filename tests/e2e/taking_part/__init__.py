"""Taking part from afar, in browsers: talk, suggest, judge, catch up, moderate."""
