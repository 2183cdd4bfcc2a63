/** A report of Macie that personal data lie in a bucket of account 111111111111; `facts` beside or in the place of its own. */
export function macieReport(bucketArn: string, facts: object = {}) {
  return {
    findings: [
      {
        accountId: '111111111111',
        archived: false,
        category: 'CLASSIFICATION',
        id: 'f1',
        resourcesAffected: { s3Bucket: { arn: bucketArn } },
        severity: { description: 'Medium' },
        type: 'SensitiveData:S3Object/Personal',
        classificationDetails: {
          result: {
            sensitiveData: [
              { category: 'PERSONAL_INFORMATION', detections: [{ type: 'NAME' }], totalCount: 7 },
            ],
          },
        },
        ...facts,
      },
    ],
  };
}
