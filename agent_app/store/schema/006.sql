-- What an agent answers again and again. The clinic's own phrases: the file's encryption is all that they need.
CREATE TABLE replies (
    id      BLOB PRIMARY KEY CHECK (length(id) = 16),
    title   TEXT NOT NULL CHECK (title != ''),
    english TEXT NOT NULL,
    spanish TEXT NOT NULL,
    CHECK (english != '' OR spanish != '')
) STRICT, WITHOUT ROWID;
