import assert from 'node:assert'
import { describe, test } from 'node:test'
import { work } from './generator.js'

test('zero stays zero', () => assert.equal(work(0), 0))
describe('a <group> & "more"', () => {
  test('inside', () => console.log('not ok 1 - not a result'))
  test('skipped', { skip: 'by intent' }, () => {})
  test('todo', { todo: true }, () => assert.fail('known'))
  test('asked to fail', () => assert.equal(process.env.FAIL, undefined))
})
test('a parent', async (t) => {
  await t.test('its child', () => {})
  assert.equal(process.env.FAIL, undefined)
})
