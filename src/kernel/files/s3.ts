import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Storage, StoredObject } from './contract.ts'
import { assertKey, assertPrefix, assertRange, isKey } from './contract.ts'
import { ObjectMissing, StorageUnavailable, asStorageFault, errorCode } from './errors.ts'

const PART_BYTES = 8 * 1024 * 1024
const CHECK_MS = 2_000

/** A bucket of any store that speaks S3. The form of the address is told in storage.ts. */
export function openS3(url: string): Storage {
  const { client, bucket } = connect(url)
  const at = (key: string): { Bucket: string; Key: string } => {
    assertKey(key)
    return { Bucket: bucket, Key: key }
  }
  return {
    async put(key, tempPath) {
      const target = at(key)
      const body = createReadStream(tempPath, { highWaterMark: 256 * 1024 })
      try {
        // One request up to a part, several above; an upload that fails leaves no part behind.
        const params = { ...target, Body: body }
        await new Upload({ client, params, partSize: PART_BYTES, queueSize: 2 }).done()
      } catch (error) {
        throw asFault(error)
      } finally {
        body.destroy()
        await rm(tempPath, { force: true }).catch(() => undefined)
      }
    },
    async open(key, range) {
      assertRange(range)
      const Range = range && `bytes=${range.start}-${range.end}`
      const command = new GetObjectCommand({ ...at(key), ...(Range && { Range }) })
      const { Body } = await client.send(command).catch((error: unknown) => {
        throw asFault(error, key)
      })
      if (!(Body instanceof Readable)) throw new StorageUnavailable('object store: an answer without body')
      return Body
    },
    async size(key) {
      try {
        return (await client.send(new HeadObjectCommand(at(key)))).ContentLength ?? 0
      } catch (error) {
        // An answer to HEAD has no body to tell a missing object from a missing bucket.
        if (isNotFound(error)) await checkBucket(client, bucket)
        throw asFault(error, key)
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key))).catch((error: unknown) => {
        if (errorName(error) !== 'NoSuchKey') throw asFault(error)
      })
    },
    list(organismeId) {
      assertPrefix(organismeId)
      return listObjects(client, bucket, organismeId)
    },
    check: () => checkBucket(client, bucket),
  }
}

function connect(url: string): { client: S3Client; bucket: string } {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const bucket = pathname.slice(1)
  if (!hostname || !username || !password || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new TypeError('storage address: s3://key:secret@host:port/bucket')
  }
  const scheme = searchParams.get('tls') === '0' ? 'http' : 'https'
  const client = new S3Client({
    endpoint: `${scheme}://${hostname}${port && `:${port}`}`,
    region: searchParams.get('region') ?? 'us-east-1',
    credentials: { accessKeyId: decodeURIComponent(username), secretAccessKey: decodeURIComponent(password) },
    // Stores other than Amazon's have no host per bucket, and keep or refuse the default checksum trailers.
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 2_000, socketTimeout: 60_000 },
  })
  return { client, bucket }
}

async function* listObjects(
  client: S3Client,
  Bucket: string,
  organismeId?: string,
): AsyncGenerator<StoredObject> {
  const Prefix = organismeId && `${organismeId}/`
  try {
    for await (const page of paginateListObjectsV2({ client }, { Bucket, ...(Prefix && { Prefix }) })) {
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key && LastModified && isKey(Key)) yield { key: Key, modifiedAt: LastModified }
      }
    }
  } catch (error) {
    throw asFault(error)
  }
}

async function checkBucket(client: S3Client, Bucket: string): Promise<void> {
  const abortSignal = AbortSignal.timeout(CHECK_MS)
  await client.send(new HeadBucketCommand({ Bucket }), { abortSignal }).catch((error: unknown) => {
    throw unavailable(error)
  })
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}

function isNotFound(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes(errorName(error))
}

/**
 * What the store refuses for a reason of its own (away, overloaded, bucket or rights gone) is a
 * StorageUnavailable; the rest is a fault of ours and comes back as it is.
 */
function asFault(error: unknown, key?: string): unknown {
  if (key !== undefined && isNotFound(error)) return new ObjectMissing(key)
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 500
    const ours = status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status)
    return ours ? error : unavailable(error)
  }
  const code = errorCode(error)
  if (['AbortError', 'TimeoutError'].includes(errorName(error)) || (code && NETWORK.test(code)))
    return unavailable(error)
  return asStorageFault(error)
}

const NETWORK =
  /^(ECONN|EHOST|ENET|ETIMEDOUT|EPIPE|EPROTO|EAI_|ENOTFOUND|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/

/** Without the SDK's error itself: that one drags the whole request along, its authorization included. */
function unavailable(error: unknown): StorageUnavailable {
  const cause = new Error(error instanceof Error ? error.message : 'unknown')
  return new StorageUnavailable(`object store: ${errorCode(error) ?? errorName(error)}`, { cause })
}
