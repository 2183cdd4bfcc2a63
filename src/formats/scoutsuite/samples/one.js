scoutsuite_results =
{
 "account_id": "gcp-project-id",
 "last_run": {
  "ruleset_name": "default",
  "time": "2021-01-08 17:28:00+0100",
  "version": "5.10.2"
 },
 "project_id": "gcp-project-id",
 "provider_code": "gcp",
 "provider_name": "Google Cloud Platform",
 "services": {
  "cloudstorage": {
   "findings": {
    "cloudstorage-bucket-no-logging": {
     "checked_items": 2,
     "compliance": [
      {
       "name": "CIS Google Cloud Platform Foundations",
       "reference": "5.3",
       "version": "1.0.0"
      }
     ],
     "dashboard_name": "Buckets",
     "description": "Bucket with Logging Disabled",
     "flagged_items": 1,
     "id_suffix": "logging_enabled",
     "items": [
      "cloudstorage.projects.gcp-project-id.buckets.52fc025e81845686d3c9fe5a5dc4f5e7ae740064.logging_enabled"
     ],
     "level": "warning",
     "path": "cloudstorage.projects.id.buckets.id",
     "rationale": "Enable access and storage logs, in order to capture all events which may affect objects within target buckets.",
     "references": [
      "https://cloud.google.com/storage/docs/access-logs"
     ],
     "remediation": null,
     "service": "Cloud Storage"
    }
   }
  }
 }
}
