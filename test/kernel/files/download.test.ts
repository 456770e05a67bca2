import { parse } from 'content-disposition'
import fc from 'fast-check'
import { validateHeaderValue } from 'node:http'
import { describe, expect, it } from 'vitest'
import { planDownload } from '../../../src/kernel/files/download.ts'
import { cleanFileName } from '../../../src/kernel/files/file-name.ts'

const SHA = 'a'.repeat(64)
const PDF = { name: 'attestation 2025.pdf', mime: 'application/pdf', size: 1000, sha256: SHA }
const PNG = { ...PDF, name: 'photo.png', mime: 'image/png' }

function plan(range?: string, ifNoneMatch?: string): ReturnType<typeof planDownload> {
  return planDownload(PDF, range, ifNoneMatch, false)
}

describe('how a file is sent', () => {
  it('is an attachment that runs nothing, is not kept and not read from another site', () => {
    expect(plan()).toEqual({
      status: 200,
      headers: {
        'Accept-Ranges': 'bytes',
        'Cache-Control': 'private, no-store',
        'Content-Disposition': 'attachment; filename="attestation 2025.pdf"',
        'Content-Length': '1000',
        'Content-Security-Policy': "sandbox; default-src 'none'",
        'Content-Type': 'application/pdf',
        'Cross-Origin-Resource-Policy': 'same-origin',
        ETag: `"${SHA}"`,
        'X-Content-Type-Options': 'nosniff',
      },
    })
  })

  it('shows a PDF inline without the sandbox that blanks the viewer, and nothing else inline', () => {
    const shown = planDownload(PDF, undefined, undefined, true).headers
    expect(shown['Content-Disposition']).toMatch(/^inline;/)
    expect(shown['Content-Security-Policy']).toMatch(/^default-src 'none'; object-src 'self';/)
    expect(shown['Content-Security-Policy']).not.toMatch(/sandbox|script-src/)
    const kept = planDownload(PNG, undefined, undefined, true).headers
    expect(kept['Content-Disposition']).toMatch(/^attachment;/)
    expect(kept['Content-Security-Policy']).toMatch(/^sandbox/)
  })

  it.each([
    ['bytes=0-', 0, 999],
    ['bytes=0-0', 0, 0],
    ['bytes=999-', 999, 999],
    ['bytes=10-5000', 10, 999],
    ['bytes=-1', 999, 999],
    ['bytes=-5000', 0, 999],
    ['Bytes= 5 - 6', 5, 6],
  ])('sends the part %s', (header, start, end) => {
    const { status, headers, range } = plan(header)
    expect(status).toBe(206)
    expect(range).toEqual({ start, end })
    expect(headers['Content-Range']).toBe(`bytes ${start}-${end}/1000`)
    expect(headers['Content-Length']).toBe(String(end - start + 1))
  })

  it.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('answers 416 to %s, with the size', (header) => {
    const { status, headers, range } = plan(header)
    expect(status).toBe(416)
    expect(headers['Content-Range']).toBe('bytes */1000')
    expect(range).toBeUndefined()
  })

  it.each(['bytes=0-1,5-6', 'bytes=6-5', 'bytes=-', 'bytes=a-b', 'items=0-1', 'bytes=0-1-2', ''])(
    'sends the whole file for the unreadable or multiple range %j',
    (header) => {
      expect(plan(header)).toMatchObject({ status: 200 })
      expect(plan(header).range).toBeUndefined()
    },
  )

  it('sends nothing to whoever has this version, everything to whoever has a part of another', () => {
    expect(plan(undefined, `"x", W/"${SHA}"`)).toMatchObject({ status: 304 })
    expect(plan(undefined, '*').status).toBe(304)
    expect(plan(undefined, '"x"').status).toBe(200)
    expect(planDownload(PDF, 'bytes=0-1', undefined, false, '"x"').status).toBe(200)
    expect(planDownload(PDF, 'bytes=0-1', undefined, false, `"${SHA}"`).status).toBe(206)
  })

  it('any cleaned name makes one valid header that gives the name back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (declared, inline) => {
        const name = cleanFileName(`${declared}.pdf`)
        const header =
          planDownload({ ...PDF, name }, undefined, undefined, inline).headers['Content-Disposition'] ?? ''
        validateHeaderValue('Content-Disposition', header)
        expect(header).toMatch(inline ? /^inline/ : /^attachment/)
        expect(parse(header).parameters['filename']).toBe(name)
      }),
      { numRuns: 400 },
    )
  })

  it('any range header gives bytes inside the file or none', () => {
    const number = fc.oneof(fc.nat(2000).map(String), fc.constant(''), fc.constant('99999999999999999999'))
    fc.assert(
      fc.property(number, number, fc.nat(1500), (first, last, size) => {
        const { status, range } = planDownload({ ...PDF, size }, `bytes=${first}-${last}`, undefined, false)
        expect(range !== undefined).toBe(status === 206)
        if (!range) return
        expect(range.start).toBeGreaterThanOrEqual(0)
        expect(range.end).toBeGreaterThanOrEqual(range.start)
        expect(range.end).toBeLessThan(size)
      }),
    )
  })
})
