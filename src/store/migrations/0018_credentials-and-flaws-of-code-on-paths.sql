-- What attack paths look for among findings: credentials that say whose they are, and grave flaws of one's own code.

create index finding_opening on finding (shard, fingerprint)
  where is_open and type = 'secret' and (summary ? 'opens' or summary ? 'isLeaked');

create index finding_code_flaw on finding (shard, fingerprint)
  where is_open and type = 'code_vulnerability' and summary ->> 'severity' in ('critical', 'high');
