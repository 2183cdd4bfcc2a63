-- Findings about repositories that may let somebody into their pipelines: all that the rules of paths know, runners of one's own among them.
drop index finding_pipeline;
create index finding_pipeline on finding (shard, fingerprint)
  where is_open and resource_kind = 'repository' and (tool_check ~ '(untrusted-checkout|actions/code-injection|dangerous-triggers|template-injection|pull-request-target|workflow-run-target|run-shell-injection|github-script-injection|self-hosted-runner|pr_runs_on_self_hosted|unpinned-uses|actions/unpinned-tag|third-party-action-not-pinned)' or advisory like 'MAL-%');
