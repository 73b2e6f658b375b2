import { hash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { CheckpointPublisher } from '../../../topologies/config/index.ts';
import { fileName } from './file-name.ts';

const TIMEOUT_MS = 10_000;

export interface ObjectStore {
  /** Bucket, and a prefix if there is one: `https://audit.s3.eu-central-1.amazonaws.com/signal/`. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** An object each, in a bucket that speaks S3. Lock its objects, or version it: whoever runs this must not be able to
 * take them back. */
export function objectStorePublisher(store: ObjectStore): CheckpointPublisher {
  const { url, region, accessKeyId, secretAccessKey, sessionToken } = store;
  const folder = url.endsWith('/') ? url : `${url}/`;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    region,
    service: 's3',
    // Trying again is the checkpointer's affair.
    retries: 0,
  });
  return {
    name: `bucket ${new URL(url).host}${new URL(url).pathname}`,
    async publish(checkpoint, signal) {
      const response = await client.fetch(new URL(fileName(checkpoint), folder).href, {
        method: 'PUT',
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          'x-amz-content-sha256': hash('sha256', checkpoint.note),
        },
        body: checkpoint.note,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`it answered ${response.status} ${codeIn(answer)}`);
    },
  };
}

/** S3 names the error in its XML. */
const codeIn = (answer: string): string => /<Code>([A-Za-z]{1,60})<\/Code>/.exec(answer)?.[1] ?? '';
