-- What rules match is read as a whole or by the issue: nothing ever asked this index.
drop index rule_match_rule;
