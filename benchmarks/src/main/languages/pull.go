// Round trips by iter.Pull: a value goes in by a variable and comes out as the next element.
package main

import (
	"fmt"
	"iter"
	"os"
	"syscall"
)

func seconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func main() {
	var transfer int
	next, stop := iter.Pull(func(yield func(int) bool) {
		for yield(transfer) {
		}
	})
	defer stop()
	for count := 1000; ; count *= 2 {
		before := seconds()
		sum := 0
		for i := 0; i < count; i++ {
			transfer = i
			value, _ := next()
			sum += value
		}
		took := seconds() - before
		if sum != count*(count-1)/2 {
			fmt.Fprintln(os.Stderr, "the sum is", sum)
			os.Exit(1)
		}
		if took >= 0.3 {
			fmt.Printf("%.2f\n", took/float64(count)*1e9)
			return
		}
	}
}
