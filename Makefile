# For those who type make: ./run does the work.
.PHONY: demo test lint

demo test lint:
	./run $@
