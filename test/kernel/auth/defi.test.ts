import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { altchaWorker } from '../../../scripts/build-assets.ts'

it('the worker that we serve is that of the package, and asks nothing of anybody', () => {
  const served = readFileSync('public/js/altcha-pbkdf2.js', 'utf8')
  expect(served).toBe(altchaWorker())
  expect(served).not.toMatch(/https?:|importScripts|fetch\(/)
})
