import { describe, expect, test } from 'vitest'
import { work } from './generator.js'

test('zero stays zero', () => {
  expect(work(0)).toBe(0)
})
describe('a <group> & "more"', () => {
  test('inside', () => {
    console.log('{"success":true}')
  })
  test.skip('skipped', () => {})
  test.todo('todo')
  test('asked to fail', () => {
    expect(process.env.FAIL).toBe(undefined)
  })
})
