-- Whether P4 counts is told when it is read, as the organisation says then: no stored sentence says it any more.

update resource set privileged_access = replace(privileged_access::text, ', which is no privileged access (P4).', ' (P4).')::jsonb
where privilege ->> 'level' = 'P4';
