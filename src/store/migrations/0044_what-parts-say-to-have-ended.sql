-- What a scan that closes nothing by itself says to have ended and that was not open then: an older report that arrives later shows it no more.
alter table scan add column ended uuid[];
