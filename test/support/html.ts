import { HtmlValidate } from 'html-validate'

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'no-style-tag': 'error', // our content security policy refuses it
    'input-missing-label': 'error',
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'reset', 'submit'] }],
    'valid-id': ['error', { relaxed: true }], // a uuid may begin with a digit
    // How templates happen to space and spell things says nothing about the page.
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'doctype-style': 'off',
    'long-title': 'off',
    'no-implicit-input-type': 'off',
    'no-redundant-for': 'off',
    'no-trailing-whitespace': 'off',
    'tel-non-breaking': 'off',
    'void-style': 'off',
  },
})

/**
 * Checks a page or a fragment against the HTML standard and the accessibility rules that can be read from the
 * source, without network. Duplicate ids, unclosed or misplaced elements, fields without a label, …
 * @returns one line for each fault: line and column, rule, message, selector; empty when all is well
 */
export function checkHtml(html: string): string[] {
  const { results } = validator.validateStringSync(html)
  return results.flatMap(({ messages }) =>
    messages.map(({ line, column, ruleId, message, selector }) => {
      return `${line}:${column} ${ruleId}: ${message}${selector ? ` (${selector})` : ''}`
    }),
  )
}
