import { expect, test } from 'vitest'
import { nextPageUri, readListQuery } from './list-query.ts'

const day = Date.parse('2026-03-04T00:00:00Z')

test('a day means the whole of it, and a time its second', () => {
  expect(readListQuery({ DateSent: '2026-03-04' })).toMatchObject({
    sentFromMs: day,
    sentUntilMs: day + 86_399_999,
  })
  expect(readListQuery({ 'DateSent>': '2026-03-04' })).toMatchObject({ sentFromMs: day })
  expect(readListQuery({ 'DateSent<': '2026-03-04' })).toMatchObject({ sentUntilMs: day + 86_399_999 })
  expect(
    readListQuery({ 'DateSent>': '2026-03-04T00:00:05Z', 'DateSent<': '2026-03-04T00:00:07' }),
  ).toMatchObject({
    sentFromMs: day + 5_000,
    sentUntilMs: day + 7_999,
  })
})

test('pages have 50 messages where nothing is said, and 1,000 at most', () => {
  expect(readListQuery({})).toEqual({ pageSize: 50, page: 0 })
  expect(readListQuery({ PageSize: '5000', Page: '2', PageToken: 'PASM1' })).toEqual({
    pageSize: 1_000,
    page: 2,
    after: 'SM1',
  })
})

test.each([
  { DateSent: 'soon' },
  { 'DateSent>': '2026-13-45' },
  { PageSize: 'x' },
  { PageSize: '0' },
  { PageToken: "'" },
])('a query that makes no sense is refused: %j', (query) => {
  expect(readListQuery(query)).toBeNull()
})

test('the next page keeps the filters', () => {
  const query = { To: '+15550001111', 'DateSent>': '2026-03-04', PageSize: '2' }
  const list = readListQuery(query)
  const uri = list && nextPageUri('/m.json', query, list, 'SM9')
  expect(uri).toBe('/m.json?To=%2B15550001111&DateSent%3E=2026-03-04&PageSize=2&Page=1&PageToken=PASM9')
})
