// Verifies what the management API says of the config log, with the code that Go verifies its checksum database with.
// Reads a JSON document from standard input, and exits with 1 and a message at the first thing that does not hold.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type document struct {
	PublicKey   string   `json:"public_key"`
	Records     [][]byte `json:"records"`
	Checkpoints []string `json:"checkpoints"`
	Inclusion   []struct {
		Sequence   int64    `json:"sequence"`
		Hashes     [][]byte `json:"hashes"`
		Checkpoint string   `json:"checkpoint"`
	} `json:"inclusion"`
	Consistency []struct {
		Hashes         [][]byte `json:"hashes"`
		FromCheckpoint string   `json:"from_checkpoint"`
		ToCheckpoint   string   `json:"to_checkpoint"`
	} `json:"consistency"`
}

func main() {
	if err := verify(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func verify() error {
	var doc document
	if err := json.NewDecoder(os.Stdin).Decode(&doc); err != nil {
		return err
	}
	verifier, err := note.NewVerifier(doc.PublicKey)
	if err != nil {
		return err
	}
	open := func(text string) (tlog.Tree, error) { return openCheckpoint(text, verifier) }

	for _, text := range doc.Checkpoints {
		tree, err := open(text)
		if err != nil {
			return err
		}
		root, err := rootOf(doc.Records, tree.N)
		if err != nil {
			return err
		}
		if root != tree.Hash {
			return fmt.Errorf("checkpoint %d has another root than its records", tree.N)
		}
	}
	for _, proof := range doc.Inclusion {
		tree, err := open(proof.Checkpoint)
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(doc.Records[proof.Sequence-1])
		if err := tlog.CheckRecord(hashes(proof.Hashes), tree.N, tree.Hash, proof.Sequence-1, leaf); err != nil {
			return fmt.Errorf("event %d in checkpoint %d: %w", proof.Sequence, tree.N, err)
		}
	}
	for _, proof := range doc.Consistency {
		from, err := open(proof.FromCheckpoint)
		if err != nil {
			return err
		}
		to, err := open(proof.ToCheckpoint)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(hashes(proof.Hashes), to.N, to.Hash, from.N, from.Hash); err != nil {
			return fmt.Errorf("checkpoints %d and %d: %w", from.N, to.N, err)
		}
	}
	fmt.Printf("%d checkpoints, %d inclusion proofs, %d consistency proofs\n",
		len(doc.Checkpoints), len(doc.Inclusion), len(doc.Consistency))
	return nil
}

// The tree that a signed note vouches for. (tlog.ParseTree reads the checkpoints of one log only.)
func openCheckpoint(text string, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func rootOf(records [][]byte, size int64) (tlog.Hash, error) {
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for i, record := range records[:size] {
		more, err := tlog.StoredHashes(int64(i), record, read)
		if err != nil {
			return tlog.Hash{}, err
		}
		stored = append(stored, more...)
	}
	return tlog.TreeHash(size, read)
}

func hashes(all [][]byte) []tlog.Hash {
	converted := make([]tlog.Hash, len(all))
	for i, each := range all {
		copy(converted[i][:], each)
	}
	return converted
}
