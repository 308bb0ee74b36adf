-- Room on each page for the next version of its rows: an update that touches no index then stays on its page and leaves no
-- index entry behind (heap-only). Holds for pages written from now on.
ALTER TABLE queue_entry SET (fillfactor = 85);
ALTER TABLE consensus SET (fillfactor = 70);
ALTER TABLE reliability SET (fillfactor = 50);
ALTER TABLE assignment SET (fillfactor = 90);
