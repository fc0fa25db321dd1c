/** Names of the channel messages by number (RFC 4254 section 9), shortened as people say them. */
export const messageNames: Readonly<Record<string, string>> = {
  '91': 'OPEN_CONFIRMATION',
  '92': 'OPEN_FAILURE',
  '93': 'WINDOW_ADJUST',
  '94': 'DATA',
  '95': 'EXTENDED_DATA',
  '96': 'EOF',
  '97': 'CLOSE',
  '98': 'REQUEST',
  '99': 'SUCCESS',
  '100': 'FAILURE',
}
