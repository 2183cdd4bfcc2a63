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
  "cloudsql": {
   "findings": {
    "cloudsql-allows-root-login-from-any-host": {
     "checked_items": 0,
     "compliance": [
      {
       "name": "CIS Google Cloud Platform Foundations",
       "reference": "6.4",
       "version": "1.0.0"
      }
     ],
     "dashboard_name": "Instances",
     "description": "Instance Allows Root Login from Any Host",
     "flagged_items": 0,
     "id_suffix": "root_access_from_any_host",
     "items": [],
     "level": "warning",
     "path": "cloudsql.projects.id.instances.id",
     "rationale": "Root access to MySQL Database Instances should be allowed only through trusted IPs.",
     "references": [
      "https://forsetisecurity.org/docs/latest/concepts/best-practices.html#cloud-sql",
      "https://cloud.google.com/blog/products/gcp/best-practices-for-securing-your-google-cloud-databases"
     ],
     "remediation": null,
     "service": "Cloud SQL"
    }
   }
  },
  "cloudstorage": {
   "findings": {
    "cloudstorage-bucket-allAuthenticatedUsers": {
     "checked_items": 2,
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
    },
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
     "flagged_items": 2,
     "id_suffix": "logging_enabled",
     "items": [
      "cloudstorage.projects.gcp-project-id.buckets.52fc025e81845686d3c9fe5a5dc4f5e7ae740064.logging_enabled",
      "cloudstorage.projects.gcp-project-id.buckets.be0c682b7f6d9568fed2ec924eea5ebcfe083f3b.logging_enabled"
     ],
     "level": "warning",
     "path": "cloudstorage.projects.id.buckets.id",
     "rationale": "Enable access and storage logs, in order to capture all events which may affect objects within target buckets.",
     "references": [
      "https://cloud.google.com/storage/docs/access-logs"
     ],
     "remediation": null,
     "service": "Cloud Storage"
    },
    "cloudstorage-bucket-no-versioning": {
     "checked_items": 2,
     "compliance": null,
     "dashboard_name": "Buckets",
     "description": "Bucket with Versioning Disabled",
     "flagged_items": 2,
     "id_suffix": "versioning_enabled",
     "items": [
      "cloudstorage.projects.gcp-project-id.buckets.52fc025e81845686d3c9fe5a5dc4f5e7ae740064.versioning_enabled",
      "cloudstorage.projects.gcp-project-id.buckets.be0c682b7f6d9568fed2ec924eea5ebcfe083f3b.versioning_enabled"
     ],
     "level": "warning",
     "path": "cloudstorage.projects.id.buckets.id",
     "rationale": "Enable Object Versioning to protect Cloud Storage data from being overwritten or accidentally deleted.",
     "references": [
      "https://cloud.google.com/storage/docs/using-object-versioning"
     ],
     "remediation": null,
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
