.PHONY: build test lint fmt bench verify pretrain

build:
	mvn -B -q -DskipTests package

test:
	mvn -B test

verify:
	mvn -B verify

lint:
	mvn -B -q spotless:check test-compile

fmt:
	mvn -B -q spotless:apply

bench:
	@for each in bench/*; do [ -x "$$each" ] && [ -f "$$each" ] && { echo "== $$each"; "$$each" --quick || exit 1; }; done

# The net that every fine-tuning starts from: simulated and trained anew, some minutes on one core.
pretrain:
	nice ./skysieve pretrain --out src/main/resources/nets/real-bogus.onnx --code "$$(git describe --always --dirty)"
