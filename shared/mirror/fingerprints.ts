import {
  type Fingerprint,
  type FingerprintRow,
  kindOfSegment,
  type PlannedRows,
  type RowKind,
  SEGMENT_ROWS,
  UNKNOWN,
} from '#model/fingerprint-rows.ts';

export interface PlanOverlay {
  readonly planned: readonly PlannedRows[];
  /** Set when a later leg found the page unfinished. */
  readonly unfinished: boolean;
}

/** The fingerprints of one stream as they stand: segments, with the plan pages since laid over them. */
export class FingerprintView {
  readonly #rows = new Map<string, { fingerprint: Fingerprint; segment: string }>();

  /** Segments first, then plan pages in the order they were written. */
  static of(
    stream: string,
    segments: readonly { segment: string; rows: readonly FingerprintRow[] }[],
    plans: readonly PlanOverlay[],
  ): FingerprintView {
    const view = new FingerprintView();
    for (const { segment, rows } of segments) view.apply(segment, rows, false);
    for (const plan of plans) {
      for (const planned of plan.planned) {
        if (planned.stream === stream) view.apply(planned.segment, planned.rows, plan.unfinished);
      }
    }
    return view;
  }

  /** Lays rows over what is there; `unfinished` ones become unknown. */
  apply(pieceName: string, rows: readonly FingerprintRow[], unfinished: boolean): void {
    const segment = pieceName.split('.')[0]!;
    for (const { id, fingerprint } of rows) {
      if (unfinished) this.#rows.set(id, { fingerprint: UNKNOWN, segment: this.#rows.get(id)?.segment ?? segment });
      else if (fingerprint !== null) this.#rows.set(id, { fingerprint, segment });
      else if (this.#rows.get(id)?.segment === segment) this.#rows.delete(id);
    }
  }

  get(id: string): Fingerprint | null {
    return this.#rows.get(id)?.fingerprint ?? null;
  }

  segmentOf(id: string): string | null {
    return this.#rows.get(id)?.segment ?? null;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Ids in order, of segments from `from` to `to`, both included, and of one kind. */
  ids(range: { readonly from: string; readonly to: string }, kind: RowKind): string[] {
    const ids: string[] = [];
    for (const [id, { segment }] of this.#rows) {
      if (segment >= range.from && segment <= range.to && kindOfSegment(segment) === kind) ids.push(id);
    }
    return ids.sort();
  }

  /** The view as segments to store: by name, rows of a name cut into pieces that fit an item. */
  toSegments(): { segment: string; rows: FingerprintRow[] }[] {
    const byName = new Map<string, FingerprintRow[]>();
    for (const [id, { fingerprint, segment }] of this.#rows) {
      const rows = byName.get(segment);
      if (rows) rows.push({ id, fingerprint });
      else byName.set(segment, [{ id, fingerprint }]);
    }
    const segments: { segment: string; rows: FingerprintRow[] }[] = [];
    for (const [name, rows] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
      rows.sort((a, b) => (a.id < b.id ? -1 : 1));
      for (let at = 0, piece = 0; at < rows.length; at += SEGMENT_ROWS, piece++) {
        segments.push({
          segment: piece === 0 ? name : `${name}.${String(piece).padStart(3, '0')}`,
          rows: rows.slice(at, at + SEGMENT_ROWS),
        });
      }
    }
    return segments;
  }
}
