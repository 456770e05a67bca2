// A page that waits for something shows itself anew every two seconds. Without JavaScript its « Actualiser » does.
if (document.querySelector('[data-actualiser]')) setTimeout(() => location.reload(), 2000)
