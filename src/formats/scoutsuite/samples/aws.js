scoutsuite_results =
{
 "services": {
  "ec2": {
   "regions": {},
   "findings": {
    "ec2-security-group-opens-SSH-port-to-all": {
     "description": "SSH is open to all",
     "rationale": "Anybody may try.",
     "level": "danger",
     "flagged_items": 2,
     "checked_items": 9,
     "id_suffix": "cidrs",
     "items": [
      "ec2.regions.eu-west-1.vpcs.vpc-0123456789abcdef0.security_groups.sg-0123456789abcdef0.rules.ingress.protocols.TCP.ports.22.cidrs",
      5
     ]
    }
   }
  },
  "iam": {
   "findings": {
    "iam-root-account-no-mfa": {
     "description": "Root without MFA",
     "level": "danger",
     "flagged_items": 1,
     "checked_items": 1,
     "items": [
      "iam.credential_reports.root.mfa_active"
     ]
    },
    "iam-x": 3
   }
  }
 },
 "account_id": "123456789012",
 "provider_code": "aws",
 "last_run": {
  "time": "2024-06-03 04:03:53+0000",
  "version": "5.14.0"
 }
}
