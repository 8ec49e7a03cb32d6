-- A conversation's summary has more in it than before: an empty one is made anew from the events.
UPDATE conversations SET summary = x'';
