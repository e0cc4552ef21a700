// Verifies checkpoints and proofs with golang.org/x/mod, which knows nothing of this project:
//
//	log-verify note VKEY NOTE...
//	log-verify proof VKEY PROOF LEAF [PROOF LEAF]...
//	log-verify consistency VKEY OLD-CHECKPOINT CONSISTENCY
//
// VKEY is a verifier key of the log, of type 0x01 or 0x02. Each NOTE, PROOF (tlog-proof) or CONSISTENCY gives one line
// of output, which begins with "ok" or "refused". The exit code is 1 if anything was refused.
package main

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// x/mod verifies Ed25519 itself, and takes other algorithms through this interface.
type ecdsaVerifier struct {
	name string
	hash uint32
	key  *ecdsa.PublicKey
}

func (v ecdsaVerifier) Name() string    { return v.name }
func (v ecdsaVerifier) KeyHash() uint32 { return v.hash }
func (v ecdsaVerifier) Verify(msg, sig []byte) bool {
	digest := sha256.Sum256(msg)
	return ecdsa.VerifyASN1(v.key, digest[:], sig)
}

func newVerifier(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a verifier key")
	}
	bytes, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(bytes) == 0 || bytes[0] != 2 {
		return note.NewVerifier(vkey)
	}
	public, err := x509.ParsePKIXPublicKey(bytes[1:])
	if err != nil {
		return nil, err
	}
	key, ok := public.(*ecdsa.PublicKey)
	if !ok {
		return nil, errors.New("not an ECDSA key")
	}
	id := sha256.Sum256(bytes[1:])
	return ecdsaVerifier{parts[0], binary.BigEndian.Uint32(id[:4]), key}, nil
}

type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
}

func open(v note.Verifier, signed string) (checkpoint, error) {
	opened, err := note.Open([]byte(signed), note.VerifierList(v))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != v.Name() {
		return checkpoint{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return checkpoint{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], size, root}, err
}

func split(file, start string) (number int64, hashes []tlog.Hash, signed string, err error) {
	head, signed, ok := strings.Cut(file, "\n\n")
	if !ok {
		return 0, nil, "", errors.New("no empty line")
	}
	lines := strings.Split(head, "\n")
	if number, err = strconv.ParseInt(strings.TrimPrefix(lines[0], start), 10, 64); err != nil {
		return 0, nil, "", err
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, "", err
		}
		hashes = append(hashes, hash)
	}
	return number, hashes, signed, nil
}

func checkProof(v note.Verifier, proof, leaf string) (string, error) {
	rest := strings.TrimPrefix(proof, "c2sp.org/tlog-proof@v1\n")
	index, hashes, signed, err := split(rest, "index ")
	if err != nil || rest == proof {
		return "", fmt.Errorf("not a proof: %v", err)
	}
	cp, err := open(v, signed)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(hashes, cp.size, cp.root, index, tlog.RecordHash([]byte(leaf))); err != nil {
		return "", err
	}
	return fmt.Sprintf("leaf %d of %d", index, cp.size), nil
}

func checkConsistency(v note.Verifier, old, file string) (string, error) {
	before, err := open(v, old)
	if err != nil {
		return "", err
	}
	size, hashes, signed, err := split(file, "old ")
	if err != nil || size != before.size {
		return "", fmt.Errorf("not a proof from %d: %v", before.size, err)
	}
	cp, err := open(v, signed)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckTree(hashes, cp.size, cp.root, before.size, before.root); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d continues %d", cp.size, before.size), nil
}

func read(name string) string {
	bytes, err := os.ReadFile(name)
	if err != nil {
		fail(err)
	}
	return string(bytes)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(2)
}

func main() {
	if len(os.Args) < 4 {
		fail(errors.New("usage: log-verify note|proof|consistency VKEY FILE..."))
	}
	v, err := newVerifier(os.Args[2])
	if err != nil {
		fail(err)
	}
	code := 0
	tell := func(said string, err error) {
		if err != nil {
			said, code = "refused: "+strings.ReplaceAll(err.Error(), "\n", " "), 1
		} else {
			said = "ok: " + said
		}
		fmt.Println(said)
	}
	files := os.Args[3:]
	switch {
	case os.Args[1] == "note":
		for _, name := range files {
			_, err := note.Open([]byte(read(name)), note.VerifierList(v))
			tell("signed by "+v.Name(), err)
		}
	case os.Args[1] == "proof" && len(files)%2 == 0:
		for i := 0; i < len(files); i += 2 {
			tell(checkProof(v, read(files[i]), read(files[i+1])))
		}
	case os.Args[1] == "consistency" && len(files) == 2:
		tell(checkConsistency(v, read(files[0]), read(files[1])))
	default:
		fail(errors.New("usage: log-verify note|proof|consistency VKEY FILE..."))
	}
	os.Exit(code)
}
