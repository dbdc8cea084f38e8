// What a device keeps in IndexedDB: who it is (one row), and the records that are not delivered yet.
export function openKept(name) {
  let opened;

  function database() {
    opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("self");
        asked.result.createObjectStore("queue", { keyPath: "id" });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opened;
  }

  async function run(store, mode, work) {
    const db = await database();
    return new Promise((resolve, reject) => {
      // "strict": the record is on the disk when the promise resolves, not only in the browser's memory
      const transaction = db.transaction(store, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const recall = () => run("self", "readonly", (store) => store.get("self"));
  return {
    recall,
    async remember(facts) {
      const known = (await recall()) ?? {};
      await run("self", "readwrite", (store) => store.put({ ...known, ...facts }, "self"));
    },
    unlearn: () => run("self", "readwrite", (store) => store.delete("self")),
    keep: (record) => run("queue", "readwrite", (store) => store.put(record)),
    waiting: (most) => run("queue", "readonly", (store) => store.getAll(null, most)),
    count: () => run("queue", "readonly", (store) => store.count()),
    forget: (ids) =>
      run("queue", "readwrite", (store) => {
        for (const id of ids) store.delete(id);
      }),
  };
}
