-- Which of what happens to issues a webhook wants: from which severity on, and whether so many minutes of it are one message.
alter table receiver add column least_severity text check (least_severity in ('critical', 'high', 'medium', 'low', 'info'));
alter table receiver add column digest_minutes integer check (digest_minutes > 0);
