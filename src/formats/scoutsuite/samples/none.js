scoutsuite_results =
{
 "account_id": "project-id",
 "last_run": {
  "ruleset_name": "default",
  "time": "2021-01-08 17:16:19+0100",
  "version": "5.10.2"
 },
 "project_id": "project-id",
 "provider_code": "gcp",
 "provider_name": "Google Cloud Platform",
 "services": {
  "cloudstorage": {
   "findings": {
    "cloudstorage-bucket-allAuthenticatedUsers": {
     "checked_items": 0,
     "compliance": [
      {
       "name": "CIS Google Cloud Platform Foundations",
       "reference": "5.1",
       "version": "1.0.0"
      }
     ],
     "dashboard_name": "Buckets",
     "description": "Bucket Accessible by \"allAuthenticatedUsers\"",
     "display_path": "cloudstorage.projects.id.buckets.id",
     "flagged_items": 0,
     "id_suffix": "allAuthenticatedUsers",
     "items": [],
     "level": "danger",
     "path": "cloudstorage.projects.id.buckets.id",
     "rationale": "Allowing anonymous and/or public access grants permissions to anyone to access bucket content. Such access might not be desired if you are storing any sensitive",
     "references": [
      "https://cloud.google.com/storage/docs/access-control/iam-reference",
      "https://cloud.google.com/storage/docs/access-control/making-data-public"
     ],
     "remediation": "No role should contain \"allUsers\" and/or \"allAuthenticatedUsers\" as a member.",
     "service": "Cloud Storage"
    }
   }
  },
  "iam": {
   "findings": {
    "iam-gmail-accounts-used": {
     "checked_items": 0,
     "compliance": [
      {
       "name": "CIS Google Cloud Platform Foundations",
       "reference": "1.1",
       "version": "1.0.0"
      }
     ],
     "dashboard_name": "Users",
     "description": "Gmail Account in Use",
     "flagged_items": 0,
     "id_suffix": "name",
     "items": [],
     "level": "warning",
     "path": "iam.projects.id.users.id",
     "rationale": "Gmail accounts are personally created and controllable accounts. Organizations seldom have any control over them. Thus, it is recommended that you use fully man",
     "references": null,
     "remediation": null,
     "service": "IAM"
    }
   }
  }
 }
}
