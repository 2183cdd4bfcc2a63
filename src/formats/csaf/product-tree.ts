import { InboxError } from '#base/inbox-error.ts';
import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';

const PRODUCTS_MAX = 500_000;

/** A product as statements name it: the component, and what it is in. */
export interface NamedProduct {
  readonly product: string;
  readonly within?: string | undefined;
}

/** The products of a document by their ids. */
export class ProductTree {
  readonly #names = new Map<string, string>();
  readonly #parts = new Map<string, readonly [component: string, whole: string]>();

  constructor(tree: JsonObject) {
    for (const product of asObjects(tree.full_product_names)) this.#addProduct(product);
    this.#addBranches(tree.branches);
    for (const relationship of asObjects(tree.relationships)) {
      const own = asText(at(relationship, 'full_product_name', 'product_id'));
      const component = asText(relationship.product_reference);
      const whole = asText(relationship.relates_to_product_reference);
      this.#addProduct(asObject(relationship.full_product_name) ?? {});
      if (own !== undefined && component !== undefined && whole !== undefined)
        this.#parts.set(own, [component, whole]);
    }
  }

  /** The product of an id; an id that no branch explains stands for itself. */
  named(id: string): NamedProduct {
    const part = this.#parts.get(id);
    if (part === undefined) return { product: this.#nameOf(id) };
    return { product: this.#nameOf(part[0]), within: this.#nameOf(part[1]) };
  }

  #nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  #addBranches(branches: unknown): void {
    for (const branch of asObjects(branches)) {
      this.#addProduct(asObject(branch.product) ?? {});
      this.#addBranches(branch.branches);
    }
  }

  /** A package URL or CPE says it everywhere; else the name. */
  #addProduct(product: JsonObject): void {
    const id = asText(product.product_id);
    if (id === undefined) return;
    const helper = asObject(product.product_identification_helper);
    const name = asText(helper?.purl) ?? asText(helper?.cpe) ?? asText(product.name) ?? id;
    this.#names.set(id, name.slice(0, 2_000));
    if (this.#names.size > PRODUCTS_MAX)
      throw new InboxError(
        'too_large',
        `The document has more than ${PRODUCTS_MAX.toLocaleString('en')} products. Ask for it by product or by year, and import the parts.`,
      );
  }
}
