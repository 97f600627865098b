type Child = Node | string;

type Attributes = Record<string, string | boolean | ((event: Event) => void)>;

/**
 * Makes an element. A text child can only become a text node, and a function is a listener for the event of its name;
 * there is no other way on this page from a string to the document.
 */
export const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(attribute, value);
    else if (typeof value === 'string') made.setAttribute(attribute, value);
    else made.toggleAttribute(attribute, value);
  }
  made.append(...children);
  return made;
};

/** An element that index.html must have. */
export const found = <Made extends Element>(id: string, kind: new () => Made): Made => {
  const there = document.getElementById(id);
  if (!(there instanceof kind)) throw new Error(`index.html has no ${kind.name} with id "${id}"`);
  return there;
};
