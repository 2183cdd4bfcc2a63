-- What scanners tried against what answers.
create index finding_tried on finding (shard, tool_check, fingerprint) where is_open and type = 'api_finding';

-- Findings about repositories that may let somebody into their pipelines: few among all findings.
create index finding_pipeline on finding (shard, fingerprint)
  where is_open and resource_kind = 'repository' and (tool_check ~ '(untrusted-checkout|code-injection|dangerous-triggers|template-injection|pull-request-target|workflow-run-target|shell-injection|script-injection|unpinned|not-pinned)' or advisory like 'MAL-%');
